using System.Text.Json;

namespace Strowger.Records.Settings;

/// <summary>A route: which numbers, over which channels in which order.</summary>
/// <param name="Name">Unique, at most 64 characters.</param>
/// <param name="Prefixes">Leading digits of E.164 numbers; empty is the default route.</param>
/// <param name="Channels">Names, the preferred one first.</param>
public sealed record RouteRecord(
    string Name, IReadOnlyList<string> Prefixes, IReadOnlyList<string> Channels, SettingSource Source, int Position);

/// <summary>Routes, seeded by the configuration file; live changes win.</summary>
public sealed class RouteTable
{
    private readonly SeededTable _table;

    internal RouteTable(SettingsStore store) => _table = new SeededTable(store, "routes", "route");

    public IReadOnlyList<RouteRecord> List() => [.. _table.List().Select(Read)];

    /// <inheritdoc cref="ChannelTable.Seed"/>
    public IReadOnlyList<string> Seed(IReadOnlyList<RouteRecord> fromFile, string who = "file") =>
        _table.Seed([.. fromFile.Select((row, i) => new SeededRecord(row.Name, "", Json(row.Prefixes, row.Channels), SettingSource.File, i, false))], who);

    /// <inheritdoc cref="ChannelTable.Add"/>
    public bool Add(string name, IReadOnlyList<string> prefixes, IReadOnlyList<string> channels, string who) =>
        _table.Add(name, "", Json(prefixes, channels), who);

    /// <inheritdoc cref="ChannelTable.Change"/>
    public bool Change(string name, IReadOnlyList<string> prefixes, IReadOnlyList<string> channels, string who) =>
        _table.Change(name, "", Json(prefixes, channels), who);

    /// <inheritdoc cref="ChannelTable.Remove"/>
    public bool Remove(string name, string who) => _table.Remove(name, who);

    private static RouteRecord Read(SeededRecord row)
    {
        var body = JsonSerializer.Deserialize<Body>(row.SettingsJson) ?? new Body([], []);
        return new RouteRecord(row.Name, body.Prefixes, body.Channels, row.Source, row.Position);
    }

    private static string Json(IReadOnlyList<string> prefixes, IReadOnlyList<string> channels) =>
        JsonSerializer.Serialize(new Body(prefixes, channels));

    private sealed record Body(IReadOnlyList<string> Prefixes, IReadOnlyList<string> Channels);
}
