using System.Text;
using System.Text.Json.Nodes;

namespace Strowger.Server.ConsolePage;

/// <summary>Makes of a form what the API takes as a body.</summary>
internal static class FormJson
{
    public static void Texts(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is { } value)
            {
                wanted[name] = value;
            }
        }
    }

    /// <returns>What is no number.</returns>
    public static string? Numbers(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is { } text)
            {
                string? problem = null;
                wanted[name] = ChannelFormReader.NumberOf(visit.T, text, words => problem = words);
                if (problem is not null)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    /// <summary>Several in one field, separated by blanks or commas.</summary>
    public static void Lists(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is { } texts)
            {
                wanted[name] = new JsonArray([.. texts.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(text => (JsonNode)text)]);
            }
        }
    }

    /// <summary>Fields that are there and were emptied take their setting away.</summary>
    public static void Emptied(Visit visit, JsonObject wanted, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (visit.Field(name) is null && visit.Context.Request.Form.ContainsKey(name))
            {
                wanted[name] = null;
            }
        }
    }

    public static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
