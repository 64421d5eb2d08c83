using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Tests;

public sealed class RubyVersionFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portico-ruby-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Gemfile.lock", "PLATFORMS\n  ruby\n\nRUBY VERSION\n   ruby 3.4.4p34\n\nBUNDLED WITH\n   2.6.2\n", "3.4.4")]
    [InlineData(".tool-versions", "nodejs 24.1.0\nruby 3.3.1\n", "3.3.1")]
    [InlineData("Gemfile", "source 'https://rubygems.org'\nruby '3.2.0'\n", "3.2.0")]
    [InlineData("Gemfile", "ruby(\"3.2\")\n", "3.2")]
    [InlineData("Gemfile", "ruby '~> 3.2'\n", null)]
    [InlineData("Gemfile", "gem 'ruby-prof', '1.7.0'\n", null)]
    [InlineData("Gemfile.lock", "PLATFORMS\n  ruby\n", null)]
    public async Task The_version_is_read_from_where_Render_reads_it(string file, string content, string? version)
    {
        var token = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_directory, file), content, token);
        var wanted = await RubyVersionFiles.FindAsync(new ProjectFiles(_directory, _directory, new Account(Environment.UserName, null)), token);
        Assert.Equal(version is null ? null : new RequestedVersion(version, file), wanted);
    }
}
