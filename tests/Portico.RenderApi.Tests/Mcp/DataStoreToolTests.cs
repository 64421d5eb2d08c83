namespace Portico.RenderApi.Tests.Mcp;

public sealed class DataStoreToolTests : McpTest
{
    [Fact]
    public async Task Databases_are_listed_and_shown()
    {
        var listed = Assert.Single((await JsonAsync("list_postgres_instances")).EnumerateArray());
        var shown = await JsonAsync("get_postgres", ("postgresId", World.Database));

        Assert.Equal(World.Database, listed.GetProperty("id").GetString());
        Assert.Equal("available", shown.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_database_is_created_and_becomes_available()
    {
        var created = await JsonAsync("create_postgres", ("name", "books"), ("plan", "basic_256mb"), ("version", 17), ("diskSizeGb", 5));
        await SettleAsync();
        var shown = await JsonAsync("get_postgres", ("postgresId", created.GetProperty("id").GetString()!));

        Assert.Equal(("books", "17", 5, "available"), (
            shown.GetProperty("name").GetString(), shown.GetProperty("version").GetString(), shown.GetProperty("diskSizeGB").GetInt32(),
            shown.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_query_is_put_to_the_database()
    {
        var rows = await JsonAsync("query_render_postgres", ("postgresId", World.Database), ("sql", "SELECT 1"));

        Assert.Equal("SELECT 1", Assert.Single(rows.EnumerateArray()).GetProperty("asked").GetString());
    }

    [Fact]
    public async Task Stores_are_listed_and_shown()
    {
        var listed = Assert.Single((await JsonAsync("list_key_value")).EnumerateArray());
        var shown = await JsonAsync("get_key_value", ("keyValueId", World.Cache));

        Assert.Equal(World.Cache, listed.GetProperty("id").GetString());
        Assert.Equal("cache", shown.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_store_is_created_with_its_policy()
    {
        var created = await JsonAsync("create_key_value", ("name", "queue"), ("plan", "starter"), ("maxmemoryPolicy", "noeviction"));
        await SettleAsync();
        var shown = await JsonAsync("get_key_value", ("keyValueId", created.GetProperty("id").GetString()!));

        Assert.Equal(("queue", "noeviction", "available"), (
            shown.GetProperty("name").GetString(), shown.GetProperty("options").GetProperty("maxmemoryPolicy").GetString(), shown.GetProperty("status").GetString()));
    }
}
