"""收费和减免 (fees and waivers): what things cost, who pays less, and why a price is another now."""
