using Portico.Core.DataStores;

namespace Portico.Core.Tests.DataStores;

public sealed class ConfigurationWriterTests
{
    [Fact]
    public void Postgres_value_cannot_end_its_quotes_or_its_line()
    {
        Assert.Equal("name = 'a''b\\\\''c'\n", ConfigurationWriter.ForPostgres().Set("name", @"a'b\'c").ToString());
        Assert.Throws<ArgumentException>(() => ConfigurationWriter.ForPostgres().Set("name", "a\nfsync = off"));
    }

    [Fact]
    public void Redis_value_cannot_end_its_quotes_or_its_line() => Assert.Equal(
        """name "a\"b\\c\x0ad\xc3\xa9""" + "\"\n", ConfigurationWriter.ForRedis().Set("name", "a\"b\\c\ndé").ToString());

    [Fact]
    public void Settings_keep_their_order() =>
        Assert.Equal("port = '5432'\nssl = 'on'\n", ConfigurationWriter.ForPostgres().Set("port", 5432).Set("ssl", "on").ToString());
}
