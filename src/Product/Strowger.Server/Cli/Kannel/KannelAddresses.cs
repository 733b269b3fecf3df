using System.Net;

namespace Strowger.Server.Cli.Kannel;

/// <summary><c>user-allow-ip</c> and <c>user-deny-ip</c>: Kannel lets everybody in who is not denied, and whoever is allowed of them.</summary>
internal static class KannelAddresses
{
    public static IReadOnlyList<IPNetwork> Read(KannelGroup group, List<string> left)
    {
        var allow = group.Line("user-allow-ip");
        var deny = group.Line("user-deny-ip");
        if (deny is not { Value.Length: > 0 })
        {
            // Allowed without anything denied is everybody.
            return [];
        }

        var networks = (allow?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).ToArray();
        if (deny.Value is "*.*.*.*" or "*" && networks.Length > 0 && networks.All(network => network is not null))
        {
            return [.. networks.Select(network => network!.Value)];
        }

        left.Add($"{deny.Place}: {deny.Shown}: only \"*.*.*.*\" beside a user-allow-ip has a counterpart (Allow); this user may come from nowhere but this machine until you set Allow");
        return [IPNetwork.Parse("127.0.0.1/32"), IPNetwork.Parse("::1/128")];
    }

    /// <summary>127.0.0.1, 10.1.*.*; null when it is neither.</summary>
    private static IPNetwork? Parse(string pattern)
    {
        var parts = pattern.Split('.');
        var fixedParts = parts.TakeWhile(part => part != "*").Count();
        var isPattern = parts.Length == 4 && parts.Skip(fixedParts).All(part => part == "*");
        if (isPattern && IPAddress.TryParse(string.Join('.', parts.Select(part => part == "*" ? "0" : part)), out var address))
        {
            return new IPNetwork(address, fixedParts * 8);
        }

        return IPAddress.TryParse(pattern, out var plain) ? new IPNetwork(plain, plain.GetAddressBytes().Length * 8) : null;
    }
}
