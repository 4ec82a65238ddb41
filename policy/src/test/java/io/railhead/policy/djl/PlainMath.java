package io.railhead.policy.djl;

/// The network's pieces in plain loops over doubles: the slow twin of the folder `operators`. Matrices are
/// `[rows][columns]`.
final class PlainMath {
    private PlainMath() {}

    static double[][] linear(double[][] x, double[][] weight, double[] bias) {
        double[][] y = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            for (int out = 0; out < weight.length; out++) {
                y[t][out] = bias.length == 0 ? 0 : bias[out];
                for (int in = 0; in < x[t].length; in++) {
                    y[t][out] += weight[out][in] * x[t][in];
                }
            }
        }
        return y;
    }

    static double[][] rmsNorm(double[][] x, double[] weight, double epsilon) {
        double[][] y = new double[x.length][weight.length];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double value : x[t]) {
                squares += value * value;
            }
            double scale = 1 / Math.sqrt(squares / weight.length + epsilon);
            for (int i = 0; i < weight.length; i++) {
                y[t][i] = x[t][i] * scale * weight[i];
            }
        }
        return y;
    }

    /// Rotates the pairs `(j, j + half)` of each head by `angle[t][j]`.
    static double[][] rotated(double[][] x, double[][] angle, int heads) {
        int width = x[0].length / heads;
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < heads; head++) {
                for (int j = 0; j < width / 2; j++) {
                    int a = head * width + j;
                    int b = a + width / 2;
                    double cos = Math.cos(angle[t][j]);
                    double sin = Math.sin(angle[t][j]);
                    y[t][a] = x[t][a] * cos - x[t][b] * sin;
                    y[t][b] = x[t][b] * cos + x[t][a] * sin;
                }
            }
        }
        return y;
    }

    /// Who may look where.
    @FunctionalInterface
    interface Sight {
        boolean sees(int from, int to);
    }

    /// Query heads share key heads in consecutive groups.
    static double[][] attention(double[][] q, double[][] k, double[][] v, int heads, int kvHeads, Sight sight) {
        int width = q[0].length / heads;
        double[][] out = new double[q.length][q[0].length];
        for (int head = 0; head < heads; head++) {
            int kv = head / (heads / kvHeads) * width;
            for (int t = 0; t < q.length; t++) {
                double[] weight = new double[k.length];
                double total = 0;
                for (int s = 0; s < k.length; s++) {
                    double dot = 0;
                    for (int i = 0; i < width; i++) {
                        dot += q[t][head * width + i] * k[s][kv + i];
                    }
                    weight[s] = sight.sees(t, s) ? Math.exp(dot / Math.sqrt(width)) : 0;
                    total += weight[s];
                }
                for (int s = 0; s < k.length; s++) {
                    for (int i = 0; i < width; i++) {
                        out[t][head * width + i] += weight[s] / total * v[s][kv + i];
                    }
                }
            }
        }
        return out;
    }

    static double[][] gated(double[][] gate, double[][] up) {
        double[][] y = new double[gate.length][gate[0].length];
        for (int t = 0; t < y.length; t++) {
            for (int i = 0; i < y[t].length; i++) {
                y[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
            }
        }
        return y;
    }

    static double[][] sum(double[][] a, double[][] b) {
        double[][] y = new double[a.length][a[0].length];
        for (int t = 0; t < y.length; t++) {
            for (int i = 0; i < y[t].length; i++) {
                y[t][i] = a[t][i] + b[t][i];
            }
        }
        return y;
    }
}
