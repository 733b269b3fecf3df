using System.Text;

namespace Strowger.Records.Settings;

internal static class SettingName
{
    public static void Check(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, RecordsLimits.MaxNameLength, nameof(name));
    }

    public static void CheckValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(value), RecordsLimits.MaxValueBytes, nameof(value));
    }
}
