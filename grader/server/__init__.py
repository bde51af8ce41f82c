"""The pages in a browser: the course for trainees, JupyterLab with formgrader for trainers.

Uses the trainee's side and the pieces of pages; cards reach it through notebooks alone.
"""

__all__ = ["host", "pages", "showing"]
