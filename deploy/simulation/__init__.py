"""How much a network needs: a discrete-event model (SimPy) fed with what was measured of the software itself."""
