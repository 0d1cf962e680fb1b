# language: de
@R-2
Funktionalität: Gelernt wird an anderem als geprüft

  Grundlage:
    Angenommen dataset orders

  Szenario: Keine Bestellung steht auf beiden Seiten
    Dann no id appears in both train and test

  @id:train-test-alike
  Szenario: Beide Seiten ähneln sich
    Angenommen dataset orders.test
    Dann psi of total versus train is below 0.2 with 90% confidence
