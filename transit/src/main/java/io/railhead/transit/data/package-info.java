/// Data sets: questions with their keys and pictures, generated or from a folder of station files and maps.
///
/// Pictures are handed on as encoded bytes. Only their headers are looked at here; decoding them is the policy's
/// affair.
///
/// Knows: folders, files, splits, the paper's lists of cities.
/// Does not know: how a policy sees a picture, which questions are trained on when.
@NullMarked
package io.railhead.transit.data;

import org.jspecify.annotations.NullMarked;
