using System.Globalization;

namespace Strowger.Server.Backup;

/// <summary>Octets as people say them.</summary>
internal static class ByteText
{
    private static readonly string[] _units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit + 1 < _units.Length)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + _units[unit];
    }
}
