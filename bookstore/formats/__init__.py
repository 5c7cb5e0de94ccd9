"""How dates are written where a template says no format of its own, such as the staff desk."""
