namespace Strowger.Records.Settings;

/// <summary>A program or gateway that may bind.</summary>
/// <param name="SystemId">Unique.</param>
/// <param name="SettingsJson">A JSON object; a password only as its hash, and none where the configuration file has it.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record SmppClientRecord(string SystemId, string SettingsJson, SettingSource Source);

/// <summary>Clients of the SMPP door, seeded by the configuration file; live changes win.</summary>
public sealed class SmppClientTable
{
    private readonly SeededTable _table;

    internal SmppClientTable(SettingsStore store) => _table = new SeededTable(store, "smpp_clients", "smpp_client");

    /// <summary>In the order of the file, then those added live.</summary>
    public IReadOnlyList<SmppClientRecord> List() => [.. _table.List().Select(row => new SmppClientRecord(row.Name, row.SettingsJson, row.Source))];

    /// <inheritdoc cref="ChannelTable.Seed"/>
    public IReadOnlyList<string> Seed(IReadOnlyList<(string SystemId, string SettingsJson)> fromFile, string who = "file") =>
        _table.Seed([.. fromFile.Select((row, i) => new SeededRecord(row.SystemId, "", row.SettingsJson, SettingSource.File, i, false))], who);

    /// <inheritdoc cref="ChannelTable.Add"/>
    public bool Add(string systemId, string settingsJson, string who) => _table.Add(systemId, "", settingsJson, who);

    /// <inheritdoc cref="ChannelTable.Change"/>
    public bool Change(string systemId, string settingsJson, string who) => _table.Change(systemId, "", settingsJson, who);

    /// <inheritdoc cref="ChannelTable.Remove"/>
    public bool Remove(string systemId, string who) => _table.Remove(systemId, who);
}
