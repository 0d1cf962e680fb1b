# language: dee
Funktionalität: Daten
