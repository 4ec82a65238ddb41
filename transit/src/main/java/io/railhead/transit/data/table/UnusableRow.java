package io.railhead.transit.data.table;

/// A row is in order but no question can be made of it.
final class UnusableRow extends Exception {
    UnusableRow(String message) {
        super(message);
    }
}
