import java.io.FileInputStream;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF's judgement on many files at once: `VeraCheck 3b FILE…`, a line for each broken rule. */
public class VeraCheck {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour flavour = PDFAFlavour.fromString(arguments[0]);
    for (int at = 1; at < arguments.length; at++) {
      String file = arguments[at];
      try (FileInputStream data = new FileInputStream(file);
          PDFAParser parser = Foundries.defaultInstance().createParser(data, flavour);
          PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
        ValidationResult result = validator.validate(parser);
        TreeMap<String, Integer> broken = new TreeMap<>();
        for (TestAssertion one : result.getTestAssertions()) {
          if (one.getStatus() == TestAssertion.Status.FAILED) {
            String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
            broken.merge(rule + " " + one.getMessage(), 1, Integer::sum);
          }
        }
        String verdict = result.isCompliant() ? "compliant" : "broken";
        System.out.println(verdict + "\t" + file + "\t" + result.getTotalAssertions());
        broken.forEach((rule, times) -> System.out.println("rule\t" + rule + "\t" + times));
      }
    }
  }
}
