"""The right programs. Each stands in `lessons.mistakes.faulty` under the same name, with a slip."""
