using System.Globalization;
using Strowger.Records;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Kannel;

/// <summary>One <c>group = smsc</c> of kind smpp.</summary>
internal sealed class KannelSmsc(KannelGroup group, List<string> problems, List<string> checks)
{
    /// <summary>Kannel's own when the file says nothing.</summary>
    private const int UsualWindow = 10;
    private const int UsualWait = 60;

    public bool IsReceiverOnly => IsReceiver(group);

    /// <summary>The smsc-id with what a name may not have replaced.</summary>
    public string WantedName
    {
        get
        {
            var id = group.Text("smsc-id") ?? group.Text("host") ?? "smpp";
            var name = string.Concat(id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
            name = name[..Math.Min(name.Length, RecordsLimits.MaxNameLength - 4)];
            return char.IsAsciiLetterOrDigit(name[0]) ? name : "smsc" + name;
        }
    }

    public static bool IsReceiver(KannelGroup other) =>
        other.Text("smsc") == "smpp" && other.Text("port") is null or "0" && other.Text("receive-port") is not (null or "0") && !other.Flag("transceiver-mode");

    /// <summary>Whether the other group sends what this one receives for.</summary>
    public bool Receives(KannelGroup other) => other.Name == "smsc" && other.Text("smsc") == "smpp" && !IsReceiver(other) && IsSentBy(other);

    public bool IsSentBy(KannelGroup other) => other.Text("host") == group.Text("host") && other.Text("smsc-username") == group.Text("smsc-username");

    public ChannelConfiguration Read(string name, bool isPair)
    {
        var binds = Number("instances", 1, ChannelReader.MaxBinds, 1);
        var each = group.Line("throughput");
        return new ChannelConfiguration
        {
            Name = name,
            Kind = ChannelKind.Smpp,
            Host = Required("host"),
            Port = Number("port", 1, 65535, 2775),
            SystemId = Required("smsc-username"),
            Password = group.Line("smsc-password")?.Value,
            SystemType = group.Text("system-type") ?? "",
            Tls = group.Flag("use-ssl"),
            Mode = Mode(isPair),
            Binds = binds,
            Window = Number("max-pending-submits", 1, ChannelReader.MaxWindow, UsualWindow),
            Rate = each is { Value.Length: > 0 } && Rate(each, binds) is > 0 and var rate ? rate : null,
            EnquireLink = TimeSpan.FromSeconds(Number("enquire-link-interval", 1, 3600, 30)),
            ResponseTimeout = TimeSpan.FromSeconds(Number("wait-ack", 1, 600, UsualWait)),
            Prefixes = Prefixes(),
            Paused = group.Flag("dead-start"),
        };
    }

    private ChannelMode Mode(bool isPair)
    {
        var receive = group.Line("receive-port");
        if (group.Flag("transceiver-mode"))
        {
            return ChannelMode.Transceiver;
        }

        if (receive is { Value: not ("" or "0") })
        {
            if (receive.Value != group.Text("port"))
            {
                checks.Add($"{receive.Place}: {receive.Shown}: a channel binds both ways on its one Port; ask the carrier whether that port takes receivers too.");
            }

            return ChannelMode.Pair;
        }

        if (!isPair)
        {
            checks.Add($"{group.Place}: without transceiver-mode this smsc only sends: no receipts and no incoming texts come over it (Mode transmitter). Most carriers allow transceiver.");
        }

        return isPair ? ChannelMode.Pair : ChannelMode.Transmitter;
    }

    /// <summary>Kannel's is for each connection, ours for the whole channel.</summary>
    private double Rate(KannelLine line, int binds)
    {
        if (!double.TryParse(line.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var each) || each < 0 || each * binds > ChannelReader.MaxRate)
        {
            problems.Add($"{line.Place}: {line.Shown}: it must be a number of texts a second");
            return 0;
        }

        return each > 0 ? Math.Max(each * binds, ChannelReader.MinRate) : 0;
    }

    private List<string> Prefixes()
    {
        var prefixes = new List<string>();
        foreach (var key in (string[])["allowed-prefix", "preferred-prefix"])
        {
            if (group.Line(key) is not { } line)
            {
                continue;
            }

            foreach (var prefix in line.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                Add(prefixes, prefix, line);
            }

            if (key == "preferred-prefix" && prefixes.Count > 0)
            {
                checks.Add($"{line.Place}: {line.Shown}: preferred became served only: other numbers no longer go over this channel.");
            }
        }

        return prefixes;
    }

    private void Add(List<string> prefixes, string prefix, KannelLine line)
    {
        var digits = prefix.StartsWith('+') ? prefix[1..] : prefix.StartsWith("00", StringComparison.Ordinal) ? prefix[2..] : prefix;
        if (digits.Length is 0 or > 15 || digits[0] == '0' || !digits.All(char.IsAsciiDigit))
        {
            checks.Add($"{line.Place}: the prefix {TextTable.Clean(prefix)} is national or no number: left out. Write it with its country code in Prefixes.");
        }
        else if (!prefixes.Contains(digits))
        {
            prefixes.Add(digits);
        }
    }

    private string Required(string key)
    {
        var line = group.Line(key);
        if (line is not { Value.Length: > 0 })
        {
            problems.Add($"{line?.Place ?? group.Place}: an smsc of kind smpp needs {key}");
        }

        return line?.Value ?? "";
    }

    private int Number(string key, int from, int to, int usual)
    {
        if (group.Line(key) is not { Value.Length: > 0 } line)
        {
            return usual;
        }

        if (int.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
        {
            return value;
        }

        problems.Add(string.Create(CultureInfo.InvariantCulture, $"{line.Place}: {line.Shown}: allowed are whole numbers from {from} to {to}"));
        return usual;
    }
}
