"""The faulty programs. Each stands in `lessons.mistakes.repaired` under the same name, mended."""
