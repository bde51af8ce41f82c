"""The pages in a browser: the course for trainees, JupyterLab with formgrader for trainers."""

__all__ = ["host", "pages", "showing"]
