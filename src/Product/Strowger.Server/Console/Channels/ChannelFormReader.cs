using System.Globalization;
using System.Text.Json.Nodes;

namespace Strowger.Server.ConsolePage;

/// <summary>Reads the form of a channel's settings: into what the API takes, and into a form that shows what was typed.</summary>
internal static class ChannelFormReader
{
    private static readonly string[] _texts = ["bucket", "when_unsure", "inbound_url"];
    private static readonly string[] _smppTexts = ["host", "system_id", "system_type", "password_file", "mode", "tls_server_name", "tls_trusted_certificate", "long_messages", "enquire_link", "response_timeout"];
    private static readonly string[] _numbers = ["rate", "price", "max_parts"];
    private static readonly string[] _smppNumbers = ["port", "binds", "window"];

    /// <param name="visit">Whose form it is.</param>
    /// <param name="before">As it was.</param>
    /// <param name="isSmpp">Whether it is a carrier's; what only those have is passed over else.</param>
    /// <param name="wanted">As the API takes it: of a channel that is there, what was emptied goes back to its default.</param>
    public static ChannelForm Read(Visit visit, ChannelForm before, bool isSmpp, out JsonObject wanted)
    {
        var sent = visit.Context.Request.Form;
        var name = before.Name;
        var values = sent.Where(field => field.Key != "password").ToDictionary(field => field.Key, field => string.Join(' ', field.Value.OfType<string>()));
        var hasLimits = sent.ContainsKey("limit_name");
        var form = new ChannelForm(name, before.IsSmpp, values, hasLimits ? Limits(visit) : before.Limits);
        wanted = [];
        if (name is null)
        {
            Put(wanted, visit, "name", name, visit.Field("name"));
            Put(wanted, visit, "kind", name, visit.Field("kind"));
        }

        foreach (var field in isSmpp ? [.. _texts, .. _smppTexts] : _texts)
        {
            Put(wanted, visit, field, name, visit.Field(field));
        }

        foreach (var field in isSmpp ? [.. _numbers, .. _smppNumbers] : _numbers)
        {
            Put(wanted, visit, field, name, visit.Field(field) is { } text ? NumberOf(visit.T, text, words => form.Fail(field, words)) : null);
        }

        Put(wanted, visit, "prefixes", name, ListOf(visit.Field("prefixes")));
        wanted["latin1"] = visit.Field("latin1") is not null;
        if (isSmpp)
        {
            wanted["tls"] = visit.Field("tls") is not null;
            wanted["national_languages"] = new JsonArray([.. visit.Fields("national_languages").Select(code => (JsonNode)code)]);
            if (visit.Field("password") is { } password)
            {
                wanted["password"] = password;
            }
        }

        if (hasLimits)
        {
            wanted["limits"] = new JsonArray([.. form.Limits.Select(row => (JsonNode)LimitOf(visit.T, form, row))]);
        }

        return form;
    }

    /// <summary>A number as people write it: with blanks, and with a comma.</summary>
    public static JsonNode? NumberOf(Language t, string text, Action<string> fail)
    {
        var plain = text.Replace(" ", "", StringComparison.Ordinal).Replace("\u202f", "", StringComparison.Ordinal).Replace(',', '.');
        if (!double.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            fail(t["{0} is not a number.", Words.Cut(text)]);
            return null;
        }

        return value == Math.Floor(value) && value < int.MaxValue ? (int)value : value;
    }

    /// <summary>Of a channel that is there an emptied field takes the setting away.</summary>
    private static void Put(JsonObject wanted, Visit visit, string field, string? name, JsonNode? value)
    {
        if (value is not null || (name is not null && visit.Context.Request.Form.ContainsKey(field)))
        {
            wanted[field] = value;
        }
    }

    private static JsonArray? ListOf(string? text) => text is null ? null : new JsonArray([.. Split(text, [' ', ',', ';']).Select(part => (JsonNode)part)]);

    private static string[] Split(string text, char[] between) => text.Split(between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static JsonObject LimitOf(Language t, ChannelForm form, LimitRow row)
    {
        var limit = new JsonObject { ["name"] = row.Name };
        // A sender's name may have blanks.
        if (Split(row.Senders, [',', ';']) is { Length: > 0 } senders)
        {
            limit["senders"] = new JsonArray([.. senders.Select(sender => (JsonNode)sender)]);
        }

        if (row.Rate.Length > 0)
        {
            limit["rate"] = NumberOf(t, row.Rate, form.FailLimit);
        }

        if (row.PerDay.Length > 0)
        {
            limit["per_day"] = NumberOf(t, row.PerDay, form.FailLimit);
        }

        if (row.TimeZone.Length > 0)
        {
            limit["time_zone"] = row.TimeZone;
        }

        return limit;
    }

    private static List<LimitRow> Limits(Visit visit)
    {
        var sent = visit.Context.Request.Form;
        var rows = new List<LimitRow>();
        for (var i = 0; i < sent["limit_name"].Count; i++)
        {
            var row = new LimitRow(At("limit_name", i), At("limit_senders", i), At("limit_rate", i), At("limit_day", i), At("limit_zone", i));
            if (!row.IsEmpty && !(row with { TimeZone = "" }).IsEmpty)
            {
                rows.Add(row);
            }
        }

        return rows;

        string At(string field, int i) => i < sent[field].Count ? sent[field][i]!.Trim() : "";
    }
}
