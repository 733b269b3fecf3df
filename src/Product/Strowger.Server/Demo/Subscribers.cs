using System.Globalization;
using System.Text;

namespace Strowger.Server.Demo;

/// <summary>A subscriber file of made-up people: numbers under +999, which is no country's.</summary>
internal static class Subscribers
{
    private static readonly string[] _names = ["Ada", "Almon", "Agner", "Grace", "Hedy", "Karl", "Lars", "Mae", "Ndeye", "Olga", "Priya", "Rosa", "Sven", "Tove", "Wanjiru", "Yusuf"];

    /// <summary>Writes <c>to,name,token</c>; the token is unique, so that the carrier can tell a text sent twice from two texts.</summary>
    public static async Task WriteAsync(string path, int count, Random random, CancellationToken cancel)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 16);
        await file.WriteLineAsync("to,name,token").ConfigureAwait(false);
        for (var i = 0; i < count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            await file.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"+99970{1_000_000 + i},{_names[random.Next(_names.Length)]},{i + 1}")).ConfigureAwait(false);
        }
    }
}
