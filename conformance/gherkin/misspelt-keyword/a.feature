# language: fr
Fonctionnalité: Données

  Scénraio: Une faute de frappe
    Soit dataset accounts
    Alors column age is never missing
