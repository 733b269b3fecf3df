using System.Globalization;
using System.Text;
using QRCoder;

namespace Strowger.Server.ConsolePage;

/// <summary>A QR code (ISO/IEC 18004) as the path of an SVG drawing, one unit a module, with the quiet zone of four around it.</summary>
internal static class QrPath
{
    /// <summary>A module lost here and there, by a finger or a reflection, does no harm.</summary>
    private const QRCodeGenerator.ECCLevel Correction = QRCodeGenerator.ECCLevel.M;

    /// <returns>The side of the square in modules, and what is dark in it.</returns>
    public static (int Side, string Path) Of(string text)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(text, Correction);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                var from = x;
                while (x < rows.Count && rows[y][x])
                {
                    x++;
                }

                if (x > from)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
                }
            }
        }

        return (rows.Count, path.ToString());
    }
}
