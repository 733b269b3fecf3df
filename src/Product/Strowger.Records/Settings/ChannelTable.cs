namespace Strowger.Records.Settings;

/// <summary>A channel's settings.</summary>
/// <param name="Name">Unique, at most 64 characters.</param>
/// <param name="Kind">Such as <c>smpp</c>.</param>
/// <param name="SettingsJson">A JSON object with what the kind needs; compared as text.</param>
/// <param name="Position">Order in the configuration file, from 0; live ones follow.</param>
public sealed record ChannelRecord(string Name, string Kind, string SettingsJson, SettingSource Source, int Position);

/// <summary>Channels, seeded by the configuration file; live changes win.</summary>
public sealed class ChannelTable
{
    private readonly SeededTable _table;

    internal ChannelTable(SettingsStore store) => _table = new SeededTable(store, "channels", "channel");

    /// <summary>In the order of the file, then those added live.</summary>
    public IReadOnlyList<ChannelRecord> List() =>
        [.. _table.List().Select(row => new ChannelRecord(row.Name, row.Kind, row.SettingsJson, row.Source, row.Position))];

    /// <summary>Takes over the configuration file at start.</summary>
    /// <returns>Names of channels whose live state was kept although the file says otherwise.</returns>
    public IReadOnlyList<string> Seed(IReadOnlyList<ChannelRecord> fromFile, string who = "file") =>
        _table.Seed([.. fromFile.Select((row, i) => new SeededRecord(row.Name, row.Kind, row.SettingsJson, SettingSource.File, i, false))], who);

    /// <returns>False when the name is taken or there are <see cref="RecordsLimits.MaxSeeded"/>.</returns>
    public bool Add(string name, string kind, string settingsJson, string who) => _table.Add(name, kind, settingsJson, who);

    /// <returns>False when there is none of that name.</returns>
    public bool Change(string name, string kind, string settingsJson, string who) => _table.Change(name, kind, settingsJson, who);

    /// <returns>False when there is none of that name.</returns>
    public bool Remove(string name, string who) => _table.Remove(name, who);
}
