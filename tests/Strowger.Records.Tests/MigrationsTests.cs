using Strowger.Records.Sqlite;

namespace Strowger.Records.Tests;

public sealed class MigrationsTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "x.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Steps_run_once_and_in_order()
    {
        using var db = SqliteDb.Open(File, readOnly: false);
        new Migrations("things", "CREATE TABLE a(x)").Apply(db);
        new Migrations("things", "CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y").Apply(db);
        new Migrations("things", "CREATE TABLE a(x)", "ALTER TABLE a ADD COLUMN y").Apply(db);
        Assert.Equal(2, db.Scalar("PRAGMA user_version"));
        db.Execute("INSERT INTO a(x, y) VALUES (1, 2)");
    }

    [Fact]
    public void A_step_that_fails_leaves_nothing_behind()
    {
        using var db = SqliteDb.Open(File, readOnly: false);
        var broken = new Migrations("things", "CREATE TABLE a(x)", "CREATE TABLE b(x); CREATE TABLE a(x);");
        Assert.Throws<RecordsException>(() => broken.Apply(db));
        Assert.Equal(1, db.Scalar("PRAGMA user_version"));
        Assert.Equal(0, db.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"));
    }

    [Fact]
    public void A_newer_version_is_refused_naming_both()
    {
        using var db = SqliteDb.Open(File, readOnly: false);
        db.Execute("PRAGMA user_version = 7");
        var error = Assert.Throws<RecordsException>(() => new Migrations("things", "CREATE TABLE a(x)").Apply(db));
        Assert.Contains("format version 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("versions up to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_so()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        using var db = SqliteDb.Open(File, readOnly: false);
        var error = Assert.Throws<RecordsException>(() => new Migrations("things", "CREATE TABLE a(x)").Apply(db));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }
}
