"""Reports: views of pages put together into slides, a document, a web page, a workbook."""
