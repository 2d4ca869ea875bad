"""Mixins and display functions shared by the admin screens."""
