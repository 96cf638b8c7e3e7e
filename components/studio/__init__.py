"""The figure studio: a figure as its file asks for it, and the form that asks."""
