"""The pages of a study: what each declares."""
