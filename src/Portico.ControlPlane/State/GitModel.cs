using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

internal static class GitModel
{
    public static void Build(ModelBuilder modelBuilder, SecretColumns secrets)
    {
        modelBuilder.Entity<GitKeyRow>(key =>
        {
            key.HasKey(row => new { row.WorkspaceId, row.Url });
            key.Property(row => row.PrivateKey).HasConversion(secrets.Converter<string>());
        });
        modelBuilder.Entity<ServiceHooksRow>(hooks =>
        {
            hooks.HasKey(row => row.ServiceId);
            hooks.Property(row => row.DeployKey).HasConversion(secrets.Converter<string>());
            hooks.Property(row => row.WebhookSecret).HasConversion(secrets.Converter<string>());
            hooks.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<FollowedBranchRow>(branch =>
        {
            branch.HasKey(row => new { row.WorkspaceId, row.Repository, row.Branch });
            branch.HasIndex(row => row.NextLookAt);
        });
    }
}
