"""ODT, ODS and ODP, as archives and as one XML file."""
