"""The mathematics and the training of dltutor. Knows no lesson and no screen."""
