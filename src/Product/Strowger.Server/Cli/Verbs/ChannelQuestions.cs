using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Verbs;

/// <summary>Asks a person for what an added channel still needs; without a person, says which options are missing.</summary>
internal sealed class ChannelQuestions(CliContext context)
{
    public void Complete(JsonObject body)
    {
        if (!context.IsInteractive)
        {
            RequireAll(body);
            return;
        }

        Ask(body, "name", "Name of the channel");
        if (body["kind"]?.GetValue<string>() != "smpp")
        {
            return;
        }

        var wasComplete = body.ContainsKey("host") && body.ContainsKey("system_id");
        Ask(body, "host", "Carrier's host");
        Ask(body, "system_id", "System id (user name)");
        if (!body.ContainsKey("password"))
        {
            context.Error.Write("Password (not shown): ");
            body["password"] = ReadHidden();
        }

        if (!wasComplete && !body.ContainsKey("rate"))
        {
            AskRate(body);
        }
    }

    private static void RequireAll(JsonObject body)
    {
        var needed = body["kind"]?.GetValue<string>() == "smpp" ? (ReadOnlySpan<string>)["name", "host", "system_id"] : ["name"];
        var missing = new List<string>();
        foreach (var name in needed)
        {
            if (!body.ContainsKey(name))
            {
                missing.Add(name == "name" ? "NAME" : "--" + name.Replace('_', '-'));
            }
        }

        if (missing.Count > 0)
        {
            throw new CliException($"Missing: {string.Join(", ", missing)}.", isUsage: true);
        }
    }

    private void Ask(JsonObject body, string member, string question)
    {
        while (!body.ContainsKey(member))
        {
            context.Error.Write(question + ": ");
            var answer = context.In.ReadLine() ?? throw new CliException($"{question} is missing.", isUsage: true);
            if (answer.Trim().Length > 0)
            {
                body[member] = answer.Trim();
            }
        }
    }

    private void AskRate(JsonObject body)
    {
        context.Error.Write("Parts a second the carrier allows (empty: unlimited): ");
        var answer = context.In.ReadLine()?.Trim();
        if (!string.IsNullOrEmpty(answer))
        {
            body["rate"] = double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
                ? rate
                : throw new CliException($"'{answer}' is no number.", isUsage: true);
        }
    }

    private string ReadHidden()
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        context.Error.WriteLine();
        return text.ToString();
    }
}
