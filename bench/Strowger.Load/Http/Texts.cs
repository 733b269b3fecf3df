using System.Globalization;
using System.Text;

namespace Strowger.Load.Http;

/// <summary>Texts to send: each with its own number and its own token at the end, by which the carrier tells it apart.</summary>
internal static class Texts
{
    /// <summary>Lines of JSON for texts first, first + 1, …</summary>
    public static byte[] Lines(long first, int count, string channel = "", string priority = "bulk")
    {
        using var stream = new MemoryStream(count * 120);
        for (var i = 0; i < count; i++)
        {
            stream.Write(Encoding.UTF8.GetBytes(Json(first + i, channel, priority)));
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }

    /// <summary>36 octets of text, as in the measurements of other gateways.</summary>
    public static string Json(long number, string channel = "", string priority = "", string reference = "")
    {
        var json = new StringBuilder(160);
        json.Append(CultureInfo.InvariantCulture, $"{{\"to\":\"4670{number % 100_000_000:D8}\",\"from\":\"Strowger\",\"text\":\"{Text(number)}\"");
        Add(json, "channel", channel);
        Add(json, "priority", priority);
        Add(json, "reference", reference);
        return json.Append('}').ToString();
    }

    public static string Text(long number) => string.Create(CultureInfo.InvariantCulture, $"Your code is 482913, thanks #{number:D9}");

    private static void Add(StringBuilder json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.Append(CultureInfo.InvariantCulture, $",\"{name}\":\"{value}\"");
        }
    }
}
