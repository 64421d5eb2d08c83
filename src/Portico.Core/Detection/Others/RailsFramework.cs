using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>Ruby on Rails, and other apps with a <c>config.ru</c>. See https://render.com/docs/deploy-rails-8.</summary>
internal static class RailsFramework
{
    private static readonly Regex Gem = Pattern.Of("""^\s*gem\s*\(?\s*["']([\w-]+)["']""");
    private static readonly Regex HealthRoute = Pattern.Of("""^\s*get\s*\(?\s*["']/?([\w/-]+)["'][^\n]*rails/health#show""");
    private static readonly Regex BuildScript = Pattern.Of(@"\bbundle\b");

    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        if (directory.Read("Gemfile") is not { } gemfile)
            return null;
        var gems = Gem.Matches(gemfile).Take(2000).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        return gems.Contains("rails") && directory.Has("config/application.rb") ? Rails(directory, gems) : directory.Has("config.ru") ? Rack(gems) : null;
    }

    private static ServiceProposal Rails(ProjectDirectory directory, HashSet<string> gems) => new()
    {
        Framework = "Rails",
        Type = ServiceType.WebService,
        Runtime = new Guess("ruby", "the Gemfile has the gem rails"),
        BuildCommand = Build(directory),
        StartCommand = gems.Contains("puma") && directory.Has("config/puma.rb")
            ? new Guess("bundle exec puma -C config/puma.rb", "the Gemfile has the gem puma, and there is a config/puma.rb")
            : new Guess("bundle exec rails server -b 0.0.0.0 -p $PORT", "there is no config/puma.rb"),
        HealthCheckPath = HealthRoute.First(directory.Read("config/routes.rb")) is { } path ? new Guess($"/{path}", "config/routes.rb has Rails' health check there") : null,
        Variables = [.. Variables(directory, gems)],
    };

    private static Guess Build(ProjectDirectory directory)
    {
        foreach (var script in new[] { "bin/render-build.sh", "build.sh" })
            if (BuildScript.IsFoundIn(directory.Read(script)))
                return new Guess($"./{script}", $"there is a {script} that installs the gems");
        var hasAssets = directory.Find("app/assets") is not null;
        return new Guess(
            $"bundle install{(hasAssets ? " && bundle exec rake assets:precompile && bundle exec rake assets:clean" : "")} && bundle exec rake db:migrate",
            $"there is a Gemfile, and Rails migrates its database{(hasAssets ? " and compiles its assets" : "")}");
    }

    private static IEnumerable<VariableProposal> Variables(ProjectDirectory directory, HashSet<string> gems)
    {
        yield return directory.Has("config/credentials.yml.enc")
            ? new VariableProposal("RAILS_MASTER_KEY", VariableSource.Prompted, null, "it decrypts config/credentials.yml.enc; its value is in config/master.key")
            : new VariableProposal("SECRET_KEY_BASE", VariableSource.Generated, null, "Rails signs cookies with it");
        if (gems.Contains("pg"))
            yield return new VariableProposal("DATABASE_URL", VariableSource.Database, null, "the Gemfile has the gem pg");
    }

    private static ServiceProposal Rack(HashSet<string> gems) => new()
    {
        Framework = gems.Contains("sinatra") ? "Sinatra" : "Rack",
        Type = ServiceType.WebService,
        Runtime = new Guess("ruby", "there is a Gemfile and a config.ru"),
        BuildCommand = new Guess("bundle install", "there is a Gemfile"),
        StartCommand = gems.Contains("puma")
            ? new Guess("bundle exec puma -p $PORT", "the Gemfile has the gem puma")
            : new Guess("bundle exec rackup --host 0.0.0.0 --port $PORT", "there is a config.ru"),
    };
}
