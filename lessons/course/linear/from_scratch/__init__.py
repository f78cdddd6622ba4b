"""The lesson `linear/from-scratch`."""
