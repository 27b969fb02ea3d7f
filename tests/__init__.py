"""The tests mirror `src/onetonne`; what several of them share lies beside this file."""
