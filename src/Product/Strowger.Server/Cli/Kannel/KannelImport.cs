using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Kannel;

/// <summary>What became of a kannel.conf: a configuration of ours, and in words what it was made of.</summary>
internal sealed class KannelImport
{
    private readonly List<ChannelConfiguration> _channels = [];
    private readonly List<KannelUser> _users = [];
    private readonly List<string> _understood = [];
    private readonly List<string> _left = [];
    private readonly List<string> _checks = [];
    private readonly List<string> _problems;
    private string? _globalSender;

    private KannelImport(KannelFile file) => _problems = [.. file.Problems];

    public IReadOnlyList<ChannelConfiguration> Channels => _channels;

    public IReadOnlyList<KannelUser> Users => _users;

    public IReadOnlyList<string> Understood => _understood;

    /// <summary>Lines that nothing was made of, each with the reason.</summary>
    public IReadOnlyList<string> Left => _left;

    public IReadOnlyList<string> Checks => _checks;

    /// <summary>Mistakes, each with file and line; with any of them there is no configuration.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public static KannelImport Of(KannelFile file)
    {
        var import = new KannelImport(file);
        foreach (var group in file.Groups.OrderBy(group => group.Name is "sendsms-user"))
        {
            import.Take(group, file);
        }

        import.CheckWhole();
        return import;
    }

    private void Take(KannelGroup group, KannelFile file)
    {
        switch (group.Name)
        {
            case "core":
                Leave(group, KannelWords.Core);
                break;
            case "smsbox":
                Smsbox(group);
                break;
            case "smsc":
                Smsc(group, file);
                break;
            case "sendsms-user":
                User(group);
                break;
            case "sms-service":
                Leave(group, KannelWords.Service);
                break;
            default:
                _left.Add($"{group.Place}: group = {group.Name}: {KannelWords.Group(group.Name)}");
                break;
        }
    }

    private void Smsbox(KannelGroup group)
    {
        _globalSender = group.Text("global-sender");
        if (group.Text("sendsms-port") is { } port)
        {
            _understood.Add($"{group.Place}: sendsms at port {port}");
            _checks.Add($"sendsms is served on Http:Listen (127.0.0.1:8080 unless set). With smsbox stopped, \"Http\": {{ \"Listen\": \"0.0.0.0:{port}\" }} lets programs keep even their port.");
        }

        if (group.Line("sendsms-url") is { } url && url.Value != "/cgi-bin/sendsms")
        {
            _left.Add($"{url.Place}: {url.Shown}: sendsms is at /cgi-bin/sendsms");
        }

        Leave(group, KannelWords.Smsbox);
    }

    private void Smsc(KannelGroup group, KannelFile file)
    {
        var kind = group.Text("smsc");
        if (kind != "smpp")
        {
            _left.Add($"{group.Place}: group = smsc, smsc = {kind}: only smpp has a counterpart in this version; nothing of this group is taken");
            return;
        }

        var smsc = new KannelSmsc(group, _problems, _checks);
        if (smsc.IsReceiverOnly)
        {
            var sender = file.Groups.FirstOrDefault(other => other != group && smsc.Receives(other));
            (sender is null ? _left : _understood).Add(sender is null
                ? $"{group.Place}: group = smsc with receive-port alone: no group sends on the same host with the same smsc-username, and a channel that only receives has no counterpart"
                : $"{group.Place}: receives for the smsc of {sender.Place}: that channel binds both ways");
            return;
        }

        var isPair = file.Groups.Any(other => other != group && other.Name == "smsc" && KannelSmsc.IsReceiver(other) && smsc.IsSentBy(other));
        var channel = smsc.Read(Unused(smsc.WantedName), isPair);
        _channels.Add(channel);
        _understood.Add($"{group.Place}: channel {channel.Name}: {KannelWords.Say(channel)}");
        Leave(group, KannelWords.Smsc);
    }

    private string Unused(string wanted)
    {
        if (!_channels.Exists(channel => channel.Name == wanted))
        {
            return wanted;
        }

        var n = 2;
        while (_channels.Exists(channel => channel.Name == $"{wanted}-{n}"))
        {
            n++;
        }

        _checks.Add($"Several smsc have the smsc-id {wanted}: here each has a name of its own, {wanted}-{n} for this one. Texts go over all that serve their number; 'smsc={wanted}' means the first only.");
        return $"{wanted}-{n}";
    }

    private void User(KannelGroup group)
    {
        var name = group.Line("username");
        var password = group.Line("password");
        if (name is not { Value.Length: > 0 } || password is not { Value.Length: > 0 })
        {
            _problems.Add($"{(name ?? password)?.Place ?? group.Place}: a sendsms-user needs username and password");
            return;
        }

        if (_users.Exists(user => user.Username == name.Value))
        {
            _problems.Add($"{name.Place}: there are two sendsms-user named {TextTable.Clean(name.Value)}");
            return;
        }

        var user = new KannelUser
        {
            Username = name.Value,
            Password = password.Value,
            DefaultSender = group.Text("default-sender") ?? _globalSender,
            ForcedSender = group.Text("faked-sender"),
            DefaultChannel = group.Text("default-smsc"),
            ForcedChannel = group.Text("forced-smsc"),
            Allow = KannelAddresses.Read(group, _left),
        };
        foreach (var channel in (string?[])[user.DefaultChannel, user.ForcedChannel])
        {
            if (channel is not null && !_channels.Exists(known => known.Name == channel))
            {
                _checks.Add($"sendsms-user {user.Username} names the smsc {channel}, which became no channel: its texts will be answered 'Not routable'.");
            }
        }

        _users.Add(user);
        _understood.Add($"{group.Place}: sendsms user {user.Username}{(user.Allow.Count > 0 ? $", only from {string.Join(", ", user.Allow)}" : "")}");
        Leave(group, KannelWords.User);
    }

    private void Leave(KannelGroup group, IReadOnlyDictionary<string, string> reasons)
    {
        foreach (var line in group.Left)
        {
            _left.Add($"{line.Place}: {line.Shown}: {reasons.GetValueOrDefault(line.Name, "has no counterpart")}");
        }
    }

    private void CheckWhole()
    {
        if (_channels.Count == 0)
        {
            _checks.Add("There is no channel: nothing can be sent until one is added (strowger channels add).");
        }
        else if (_channels.TrueForAll(channel => channel.Prefixes.Count > 0))
        {
            _checks.Add("Every channel serves prefixes only: texts to other numbers will be refused. A channel without Prefixes serves the rest.");
        }

        if (_users.Count > 0)
        {
            _checks.Add("Reports to a dlr-url on this machine or in a private network are held back until its address stands in Webhooks:Allow, such as \"Webhooks\": { \"Allow\": [\"127.0.0.1\"] }.");
            _checks.Add("Numbers are E.164 here (46701234567, +46701234567 or 0046701234567); a national number such as 0701234567 is denied.");
        }
    }
}
