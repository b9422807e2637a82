"""Where bytes come from: files, archives' members and addresses, as streams with bounds."""
