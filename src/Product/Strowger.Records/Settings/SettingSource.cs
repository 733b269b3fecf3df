namespace Strowger.Records.Settings;

/// <summary>Where a channel or route comes from. What was changed live wins over the configuration file.</summary>
public enum SettingSource
{
    File,
    Live,
}
