using System.Text;

namespace Strowger.Engine;

internal static class Names
{
    public static void Check(string? name, string parameter, bool mayBeEmpty)
    {
        if (name is null || (name.Length == 0 && !mayBeEmpty) || Encoding.UTF8.GetByteCount(name) > EngineLimits.MaxNameBytes)
        {
            throw new ArgumentException(
                $"A name has {(mayBeEmpty ? 0 : 1)} to {EngineLimits.MaxNameBytes} octets of UTF-8; found '{name}'.", parameter);
        }
    }
}
