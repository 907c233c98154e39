import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.tsp.TimeStampToken;

/**
 * What PDFBox and BouncyCastle say of the signatures in some files: `BoxCheck FILE…`, a line for each
 * signature: the file, its kind, whether it is valid, and whether it covers the whole file.
 */
public class BoxCheck {
  public static void main(String[] arguments) throws Exception {
    for (String file : arguments) {
      byte[] data = Files.readAllBytes(Path.of(file));
      try (PDDocument document = Loader.loadPDF(data)) {
        for (PDSignature one : document.getSignatureDictionaries()) {
          int[] range = one.getByteRange();
          boolean whole = range.length == 4 && range[0] == 0 && range[2] + range[3] == data.length;
          String said = valid(one, data) + "\t" + (whole ? "whole" : "part");
          System.out.println(file + "\t" + one.getSubFilter() + "\t" + said);
        }
      } catch (Exception | StackOverflowError error) {
        System.out.println(file + "\t\tunreadable\tpart");
      }
    }
  }

  private static String valid(PDSignature one, byte[] data) {
    try {
      byte[] covered = one.getSignedContent(data);
      byte[] contents = one.getContents(data);
      CMSSignedData signed;
      boolean imprint = true;
      if ("ETSI.RFC3161".equals(one.getSubFilter())) {
        signed = new CMSSignedData(contents);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(covered);
        TimeStampToken token = new TimeStampToken(signed);
        imprint = Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest());
      } else {
        signed = new CMSSignedData(new CMSProcessableByteArray(covered), contents);
      }
      SignerInformation signer = signed.getSignerInfos().getSigners().iterator().next();
      X509CertificateHolder certificate =
          (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
      boolean good = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate));
      return good && imprint ? "valid" : "invalid";
    } catch (Exception error) {
      return error.getClass().getSimpleName();
    }
  }
}
