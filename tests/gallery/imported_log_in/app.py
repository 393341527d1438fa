"""An application that is configured by the environment."""

import os


def log_in(user):
    os.environ["GALLERY_USER"] = user


def log_out():
    del os.environ["GALLERY_USER"]
