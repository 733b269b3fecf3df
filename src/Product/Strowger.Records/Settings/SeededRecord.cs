namespace Strowger.Records.Settings;

/// <summary>A row of a table that the configuration file seeds and live changes override.</summary>
internal sealed record SeededRecord(string Name, string Kind, string SettingsJson, SettingSource Source, int Position, bool Removed);
