using System.Text;

namespace Portico.Core.Tests.Detection;

/// <summary>How good the detector is on repositories that it was not written for.</summary>
public sealed class RepositoryTableTests(ITestOutputHelper output)
{
    [Fact]
    public void Most_public_repositories_are_proposed_as_their_authors_would_write_them()
    {
        var rows = RepositoryCase.ReadAll("repositories").Select(item => (item.Repository, item.Expected, Actual: item.Detect())).ToList();
        var right = rows.Count(row => row.Expected.SequenceEqual(row.Actual));
        output.WriteLine(Table(rows) + $"\n{right} of {rows.Count} are right.");

        Assert.True(right >= 20, Table(rows));
    }

    internal static string Table(IEnumerable<(string Repository, IReadOnlyList<ExpectedService> Expected, IReadOnlyList<ExpectedService> Actual)> rows)
    {
        var table = new StringBuilder("repository | type | runtime | rootDir | build | start | publish | health | Dockerfile\n");
        foreach (var (repository, expected, actual) in rows)
        {
            var isRight = expected.SequenceEqual(actual);
            foreach (var service in actual)
                table.Append(isRight ? "right  " : "WRONG  ").Append(repository).Append(" | ").Append(service).Append('\n');
            foreach (var service in isRight ? [] : expected)
                table.Append("  expected   ").Append(service).Append('\n');
        }
        return table.ToString();
    }
}
