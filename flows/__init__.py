"""The Prefect flows; the only folder that imports prefect."""
