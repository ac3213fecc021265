"""What is said of a run, as pure data: sums, explanations, readings and numbers as text. Every paper says the same from here."""
