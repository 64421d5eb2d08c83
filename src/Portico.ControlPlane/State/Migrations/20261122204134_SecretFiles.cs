using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class SecretFiles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "UpdatedAt",
                table: "Services",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "CreatedAt",
                table: "EnvGroups",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "UpdatedAt",
                table: "EnvGroups",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "EnvGroups",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.Sql("UPDATE Services SET UpdatedAt = CreatedAt");
            // Until now nobody wrote down when: this very moment is the best that can be said, in ticks since the year 1.
            migrationBuilder.Sql(
                "UPDATE EnvGroups SET CreatedAt = 621355968000000000 + strftime('%s', 'now') * 10000000, "
                + "UpdatedAt = 621355968000000000 + strftime('%s', 'now') * 10000000");

            migrationBuilder.CreateTable(
                name: "SecretFiles",
                columns: table => new
                {
                    OwnerId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Content = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SecretFiles", x => new { x.OwnerId, x.Name });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SecretFiles");

            migrationBuilder.DropColumn(
                name: "UpdatedAt",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "CreatedAt",
                table: "EnvGroups");

            migrationBuilder.DropColumn(
                name: "UpdatedAt",
                table: "EnvGroups");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "EnvGroups");
        }
    }
}
