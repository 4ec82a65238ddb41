package io.railhead.transit.map;

/// A cell of the map's grid; column 0 is the left one, row 0 the top one.
public record GridCell(int column, int row) {
    GridCell towards(int columns, int rows) {
        return new GridCell(column + columns, row + rows);
    }
}
