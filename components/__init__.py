"""Result records in, Dash components and Plotly figures out: pure, no callbacks, no statistics."""
