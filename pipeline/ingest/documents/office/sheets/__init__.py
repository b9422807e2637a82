"""Workbooks: XLSX, XLSB, XLS, Excel 2 to 4 and 2003, and how cells become lines or rows."""
