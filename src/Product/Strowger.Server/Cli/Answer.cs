using System.CommandLine;
using System.Text.Json;

namespace Strowger.Server.Cli;

/// <summary>Shows an answer: as the server's JSON when <c>--json</c> was given, otherwise as the verb says.</summary>
internal static class Answer
{
    public static void Write(CliContext context, ParseResult parsed, ApiResponse response, Action<JsonElement> inWords)
    {
        if (parsed.GetValue(GlobalOptions.Json))
        {
            WriteJson(context, response);
        }
        else
        {
            inWords(response.Json);
        }
    }

    private static void WriteJson(CliContext context, ApiResponse response)
    {
        if (response.Json.ValueKind != JsonValueKind.Undefined)
        {
            context.Out.WriteLine(response.Json.GetRawText());
        }
    }

    /// <summary>A list with its way on.</summary>
    public static void WritePage(CliContext context, JsonElement page, params string[] members)
    {
        TextTable.Write(context.Out, page.List("data"), members);
        if (page.Text("next_cursor") is { } cursor)
        {
            context.Error.WriteLine($"There are more: --cursor {cursor}");
        }
    }
}
