"""The rides of a village, each paid in coupons."""
