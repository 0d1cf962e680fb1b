# language: fr
@R-1
Fonctionnalité: Données
  Règle: Les comptes
    Contexte:
      Soit dataset accounts from data/accounts.csv

    Plan du scénario: Présence
      Alors column <colonne> is never missing

      Exemples:
        | colonne |
        | age     |
        | iban    |
